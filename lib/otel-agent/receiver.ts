import { CONTINUATIONS, HEADER, INDENTED_ENTRY } from '../logs/entries';
import { POD_LOGS_DIRECTORY } from '../logs/pod-logs';
import type { OtelAgentSettings } from './settings';

/** The container runtime's prefix of each line: timestamp, output, and F for a complete or P for a partial line. */
const CRI_LINE = '^(?P<time>[^ ]+) (?P<stream>stdout|stderr) (?P<tag>[^ ]*) (?P<log>.*)$';

/** Maximum number of streams with an entry that waits for its next line. */
const MAX_OPEN_ENTRIES = 10_000;

/** A string literal of the expression language. */
const literal = (text: string) => JSON.stringify(text);
const begins = (expression: string) => `body matches ${literal(`^(?:${expression})`)}`;

/**
 * First characters of the uids that each lane reads. A receiver reads a file to its end before it looks at its other
 * files again, so a container that writes too much holds up only its own lane. The last lane reads what no other reads.
 */
const LANES = ['[01]', '[23]', '[45]', '[67]', '[89]', '[ab]', '[cd]', '[^0-9a-d]'];

const filesOf = (pods: string) => `${POD_LOGS_DIRECTORY}/${pods}/*/*`;

/**
 * Reads the log files of all pods and joins the lines of each entry, with one receiver per lane.
 *
 * @param maxLineBytes Maximum line size in Loki.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/receiver/filelogreceiver
 */
export function fileLogReceivers(settings: OtelAgentSettings, maxLineBytes: number) {
  const everyLane = fileLogReceiver(settings, maxLineBytes);
  return Object.fromEntries(
    LANES.map((first, lane) => {
      const files = filesOf(`*_*_${first}*`);
      // The kubelet renames a full file. It compresses that file when it renames the next one.
      return [
        `file_log/${lane}`,
        { include: [`${files}.log`, `${files}.log.????????-??????`], ...everyLane },
      ];
    }),
  );
}

function fileLogReceiver(settings: OtelAgentSettings, maxLineBytes: number) {
  const { excludedNamespaces, multiline, logLevel, queue } = settings;
  return {
    exclude: [
      ...excludedNamespaces.map((namespace) => filesOf(`${namespace}_*`)),
      // At this level the agent logs one line for each line that it reads.
      ...(logLevel === 'debug' ? [filesOf('*_otel-agent-*_*')] : []),
    ],
    // By default, lines written before the agent started are skipped.
    start_at: 'beginning',
    include_file_path: true,
    include_file_name: false,
    storage: 'file_storage/positions',
    poll_interval: '500ms',
    // Half of this number are open at once.
    max_concurrent_files: 512,
    // A runtime line ends with a newline. Without one, the runtime is still writing it.
    force_flush_period: '0s',
    // By default, the carriage return before a newline is removed.
    multiline: { line_end_pattern: '\n', omit_pattern: true },
    preserve_leading_whitespaces: true,
    preserve_trailing_whitespaces: true,
    max_log_size: '1MiB',
    // Retries indefinitely if the pipeline refuses lines.
    retry_on_failure: { enabled: queue.whenFull === 'wait', max_elapsed_time: '0s' },
    operators: [
      {
        id: 'cri',
        type: 'regex_parser',
        regex: CRI_LINE,
        timestamp: {
          parse_from: 'attributes.time',
          layout_type: 'gotime',
          layout: '2006-01-02T15:04:05.999999999Z07:00',
        },
        on_error: 'send_quiet',
      },
      { id: 'text', type: 'move', from: 'attributes.log', to: 'body', on_error: 'send_quiet' },
      {
        id: 'source',
        type: 'add',
        field: 'attributes.source',
        value: 'EXPR(attributes["log.file.path"] + " " + (attributes.stream ?? ""))',
      },
      {
        id: 'header',
        type: 'add',
        field: 'body',
        value: String.raw`EXPR(body + "\n")`,
        if: `attributes.tag != "P" and body matches ${literal(String.raw`^${HEADER}\s*$`)}`,
      },
      // Partial lines, and lines that the next line always completes.
      {
        id: 'lines',
        type: 'recombine',
        combine_field: 'body',
        combine_with: '',
        is_last_entry: String.raw`attributes.tag != "P" and not (body endsWith "\n")`,
        source_identifier: 'attributes.source',
        // The timestamp of the last part, as in Promtail.
        overwrite_with: 'newest',
        max_batch_size: 0,
        max_unmatched_batch_size: 0,
        // Beyond this size the rest becomes a separate line, so that an endless line cannot fill the memory.
        max_log_size: 2 * maxLineBytes,
        max_sources: MAX_OPEN_ENTRIES,
        force_flush_period: multiline.maxWait.toString(),
      },
      {
        id: 'entries',
        type: 'recombine',
        combine_field: 'body',
        combine_with: '\n',
        is_first_entry: [
          begins(String.raw`\S|${INDENTED_ENTRY}`),
          ...CONTINUATIONS.map((one) => `not (${begins(one)})`),
        ].join(' and '),
        source_identifier: 'attributes.source',
        // The timestamp of the first line.
        overwrite_with: 'oldest',
        max_batch_size: multiline.maxLines,
        // Lines before the first line of an entry stay unchanged.
        max_unmatched_batch_size: 1,
        max_log_size: 2 * maxLineBytes,
        max_sources: MAX_OPEN_ENTRIES,
        force_flush_period: multiline.maxWait.toString(),
      },
      {
        id: 'stream',
        type: 'move',
        from: 'attributes.stream',
        to: 'resource.stream',
        on_error: 'send_quiet',
      },
      { id: 'path', type: 'move', from: 'attributes["log.file.path"]', to: 'resource.path' },
    ],
  };
}
