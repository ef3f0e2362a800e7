/** Adds up a metric over its labels, from the text that Prometheus would scrape; of those series only that have a label. */
export function sumOfMetric(text: string, name: string, label = ''): number {
  const lines = text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** What Prometheus would scrape of a daemon. */
export async function scrape(address: string, port: number): Promise<string> {
  return (await fetch(`http://${address}:${port}/metrics`)).text();
}

/** Names of labels of every metric, in a text that Prometheus would scrape; buckets and sums are metrics of their own. */
export function labelsOfMetrics(text: string): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    const known = found.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    found.set(name, known);
  }
  return Object.fromEntries([...found].map(([name, labels]) => [name, [...labels].sort()]).sort());
}
