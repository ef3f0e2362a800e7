import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKET_PORT } from './bucket-server';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';

/** moto compares the signature of a request with its parameters decoded, while it is signed as it is sent. */
const LAUNCH = `
import sys
from urllib.parse import parse_qsl, quote, urlencode
from moto.iam.access_control import IAMRequestBase
from moto.server import main
init = IAMRequestBase.__init__
def encoded(self, account_id, method, path, **named):
    base, mark, query = path.partition('?')
    if mark:
        path = base + '?' + urlencode(parse_qsl(query, keep_blank_values=True), quote_via=quote, safe='')
    init(self, account_id, method, path, **named)
IAMRequestBase.__init__ = encoded
main(sys.argv[1:])
`;

/** Keys of a user. */
export interface AccessKey {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
}

/** A server with the APIs of S3 and IAM on the node, which checks every signature and every permission. */
export class IamServer {
  private process: ChildProcess | undefined;
  private readonly url = `http://${NODE_ADDRESS}:${BUCKET_PORT}`;
  private readonly log: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.log = join(folder, 'server.log');
  }

  /**
   * Starts the server.
   *
   * @param unchecked Number of calls that it takes without a check: those that create buckets and users.
   */
  public async start(unchecked: number): Promise<void> {
    const program = findProgram(PROGRAMS.moto) ?? '';
    // A program of Python names its interpreter in its first line.
    const [, python = 'python3'] = /^#!(\S+)/.exec(readFileSync(program, 'utf8')) ?? [];
    const address = ['-H', NODE_ADDRESS, '-p', String(BUCKET_PORT)];
    this.process = spawn(python, ['-c', LAUNCH, ...address], {
      env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: String(unchecked) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process.stderr?.pipe(createWriteStream(this.log));
    for (let tries = 0; tries < 300; tries++) {
      const answers = await fetch(`${this.url}/moto-api/`).then(
        () => true,
        () => false,
      );
      if (answers) return;
      await sleep(100);
    }
    throw new Error('the server does not answer');
  }

  public stop(): void {
    this.process?.kill('SIGKILL');
  }

  /** Creates a bucket: one call. */
  public async createBucket(name: string): Promise<void> {
    const response = await fetch(`${this.url}/${name}`, { method: 'PUT', headers: signed('s3') });
    if (!response.ok) throw new Error(`bucket ${name}: ${response.status} ${await response.text()}`);
  }

  /** Creates a user with a policy, and a key: three calls. */
  public async createUser(name: string, policy: object): Promise<AccessKey> {
    await this.iam('CreateUser', { UserName: name });
    await this.iam('PutUserPolicy', {
      UserName: name,
      PolicyName: 'bucket',
      PolicyDocument: JSON.stringify(policy),
    });
    const text = await this.iam('CreateAccessKey', { UserName: name });
    const field = (key: string) => new RegExp(`<${key}>([^<]+)<`).exec(text)?.[1] ?? '';
    return { AWS_ACCESS_KEY_ID: field('AccessKeyId'), AWS_SECRET_ACCESS_KEY: field('SecretAccessKey') };
  }

  /** Requests that were refused, as the server logged them. */
  public get refused(): string[] {
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return lines.flatMap((line) =>
      /" 403 /.test(line) ? (/"[^"]*?([A-Z]+ \/\S*)/.exec(line)?.[1] ?? line) : [],
    );
  }

  /** How many requests of a method were answered. */
  public answered(method: string): number {
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return lines.filter((line) => line.includes(`${method} /`) && /" 20\d /.test(line)).length;
  }

  private async iam(action: string, parameters: Record<string, string>): Promise<string> {
    const body = new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters });
    const response = await fetch(this.url, { method: 'POST', headers: signed('iam'), body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text.slice(0, 300)}`);
    return text;
  }
}

/** A header by which the server knows which service is meant; calls that are not checked need no signature. */
function signed(service: string): Record<string, string> {
  const credential = `Credential=x/20260101/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=x` };
}
