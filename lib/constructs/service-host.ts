/** Host name of a Service for a client in some namespace: short within the Service's own. */
export function serviceHost(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  clientNamespace: string,
  dnsDomain: string,
): string {
  return clientNamespace === namespace ? name : `${name}.${namespace}.svc.${dnsDomain}`;
}
