const TIMEOUT_MS = 10_000;

/** Posts a body and returns the response body. Throws the status and the body unless the status is 2xx. */
export async function post(url: string, contentType: string, body: string | Buffer): Promise<Buffer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: typeof body === 'string' ? body : new Uint8Array(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    // The message of fetch is "fetch failed"; the cause contains the reason.
    throw new Error(`${url}: ${error.cause ?? error}`);
  });
  const answer = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}: ${answer}`);
  return answer;
}
