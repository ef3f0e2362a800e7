/** A Go template that returns the text of the first true condition. */
export function branches(
  all: ReadonlyArray<readonly [condition: string, text: string]>,
  otherwise?: string,
): string {
  const ifs = all.map(([condition, text]) => `if ${condition} -}}${text}`);
  return `{{- ${[...ifs, ...(otherwise === undefined ? [] : [`-}}${otherwise}`])].join('{{- else ')}{{- end -}}`;
}
