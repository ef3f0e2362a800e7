/** Adds up a metric over its labels, from the text that Prometheus would scrape. */
export function sumOfMetric(text: string, name: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** What Prometheus would scrape of a daemon. */
export async function scrape(address: string, port: number): Promise<string> {
  return (await fetch(`http://${address}:${port}/metrics`)).text();
}
