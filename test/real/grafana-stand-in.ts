import { createServer, type Server } from 'node:http';
import { NODE_ADDRESS } from './sandbox';

const PORT = 3000;

/** Answers for what cannot be run here: the datasource proxy of Grafana, which sends a request on after a login. */
export class GrafanaStandIn {
  public readonly url = `http://${NODE_ADDRESS}:${PORT}`;
  private readonly server: Server;

  /**
   * @param datasources Address of each datasource by its uid.
   * @see https://grafana.com/docs/grafana/latest/developers/http_api/data_source/#data-source-proxy-calls
   */
  constructor(datasources: Readonly<Record<string, string>>, password: string) {
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    this.server = createServer(async ({ url = '', headers }, response) => {
      const [, uid = '', path] = /^\/api\/datasources\/proxy\/uid\/([^/]+)(\/.*)$/.exec(url) ?? [];
      if (headers.authorization !== authorization)
        return response.writeHead(401).end('{"message":"Invalid username or password"}');
      const base = datasources[uid];
      if (base === undefined) return response.writeHead(404).end('{"message":"Unable to find datasource"}');
      const answer = await fetch(base + path, { headers: { accept: headers.accept ?? '*/*' } }).catch(
        () => undefined,
      );
      return response.writeHead(answer?.status ?? 502).end(await answer?.text());
    });
    this.server.listen(PORT, NODE_ADDRESS);
  }

  public stop(): void {
    this.server.close();
  }
}
