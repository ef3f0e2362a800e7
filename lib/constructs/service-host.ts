/** Host name of a Service for a client in the given namespace: the short name if it is the Service's own namespace. */
export function serviceHost(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  clientNamespace: string,
  dnsDomain: string,
): string {
  return clientNamespace === namespace ? name : `${name}.${namespace}.svc.${dnsDomain}`;
}
