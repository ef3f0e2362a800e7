import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../support/render';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';

/** Port of the server; the network lets pods through to it as their policies do. */
export const BUCKET_PORT = 9000;

/** Buckets that there are from the start. */
const BUCKETS = ['loki', 'tempo', 'old'];

/** Settings of a store that keeps its data on that server. */
export const onBucketServer = (bucket: string) => ({
  type: 's3',
  bucket,
  region: 'us-east-1',
  endpoint: `http://${NODE_ADDRESS}:${BUCKET_PORT}`,
  pathStyle: true,
  identity: { type: 'secret', secretName: 'bucket-keys' },
});

/** The Secret that these settings name. */
export const BUCKET_SECRET: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'bucket-keys', namespace: 'monitoring' },
  stringData: { AWS_ACCESS_KEY_ID: 'real', AWS_SECRET_ACCESS_KEY: 'run' },
};

/** A server with the API of S3 on the node, which keeps what it has while it is away. */
export class BucketServer {
  private process: ChildProcess | undefined;
  private readonly url = `http://${NODE_ADDRESS}:${BUCKET_PORT}`;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  public async start(): Promise<void> {
    const data = ['-backend', 'bolt', '-bolt.db', join(this.folder, 's3.db'), '-autobucket', '-no-integrity'];
    this.process = spawn(
      findProgram(PROGRAMS.gofakes3) ?? '',
      ['-host', `${NODE_ADDRESS}:${BUCKET_PORT}`, ...data, '-quiet'],
      { stdio: 'ignore' },
    );
    for (let tries = 0; tries < 100; tries++) {
      const answers = await fetch(this.url).then(
        () => true,
        () => false,
      );
      if (answers) {
        // Several clients at once would each find that the other has not created it yet.
        for (const bucket of BUCKETS) await fetch(`${this.url}/${bucket}`, { method: 'PUT' });
        return;
      }
      await sleep(100);
    }
    throw new Error('the bucket server does not answer');
  }

  /** Ends it without a warning; nobody answers at its address until it is started again. */
  public stop(): void {
    this.process?.kill('SIGKILL');
  }

  /** Stores an object, as any client does. */
  public async put(bucket: string, key: string, content: Buffer): Promise<void> {
    const response = await fetch(`${this.url}/${bucket}/${key}`, {
      method: 'PUT',
      body: new Uint8Array(content),
    });
    if (!response.ok) throw new Error(`${bucket}/${key}: ${response.status}`);
  }

  /** Names of all objects of a bucket. */
  public async keys(bucket: string): Promise<string[]> {
    return [...(await this.sizes(bucket)).keys()];
  }

  /** Bytes of all objects of a bucket, by name. */
  public async sizes(bucket: string): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    let after: string | undefined = '';
    while (after !== undefined) {
      const query = new URLSearchParams({ 'list-type': '2', 'max-keys': '1000', 'start-after': after });
      const response = await fetch(`${this.url}/${bucket}?${query}`);
      const text = await response.text();
      if (response.status === 404) return found;
      if (!response.ok) throw new Error(`list of ${bucket}: ${response.status} ${text.slice(0, 200)}`);
      let last = '';
      for (const [content] of text.matchAll(/<Contents>.*?<\/Contents>/gs)) {
        last = unescaped(/<Key>([^<]*)<\/Key>/.exec(content)?.[1] ?? '');
        found.set(last, Number(/<Size>(\d+)<\/Size>/.exec(content)?.[1]));
      }
      after = text.includes('<IsTruncated>true') ? last : undefined;
    }
    return found;
  }
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code === undefined ? (named[name] ?? '') : String.fromCharCode(Number(code)),
  );
}
