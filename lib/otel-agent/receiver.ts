import { CONTINUATIONS, HEADER, INDENTED_ENTRY } from '../logs/entries';
import { POD_LOGS_DIRECTORY } from '../logs/pod-logs';
import type { OtelAgentSettings } from './settings';

/** What a container runtime writes before each line: time, output, and F for a whole line or P for a part of one. */
const CRI_LINE = '^(?P<time>[^ ]+) (?P<stream>stdout|stderr) (?P<tag>[^ ]*) (?P<log>.*)$';

/** Streams with an entry that waits for its next line. */
const MAX_OPEN_ENTRIES = 10_000;

/** A string literal of the expression language. */
const literal = (text: string) => JSON.stringify(text);
const begins = (expression: string) => `body matches ${literal(`^(?:${expression})`)}`;

/**
 * Reads the log files of all pods, and joins the lines of an entry.
 *
 * @param maxLineBytes Longest line that Loki stores.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/receiver/filelogreceiver
 */
export function fileLogReceiver(settings: OtelAgentSettings, maxLineBytes: number) {
  const { excludedNamespaces, multiline, logLevel, queue } = settings;
  const filesOf = (pods: string) => `${POD_LOGS_DIRECTORY}/${pods}/*/*`;
  return {
    // The kubelet renames a full file, and compresses it when it renames the next one.
    include: [`${filesOf('*')}.log`, `${filesOf('*')}.log.????????-??????`],
    exclude: [
      ...excludedNamespaces.map((namespace) => filesOf(`${namespace}_*`)),
      // At this level the agent writes a line for each line that it reads.
      ...(logLevel === 'debug' ? [filesOf('*_otel-agent-*_*')] : []),
    ],
    // By default lines that were written before the agent started are skipped.
    start_at: 'beginning',
    include_file_path: true,
    include_file_name: false,
    storage: 'file_storage/positions',
    poll_interval: '500ms',
    // Half of them are open at once.
    max_concurrent_files: 512,
    // A line of the runtime ends with a newline; without one it is still being written.
    force_flush_period: '0s',
    // By default the carriage return before a newline is dropped.
    multiline: { line_end_pattern: '\n', omit_pattern: true },
    preserve_leading_whitespaces: true,
    preserve_trailing_whitespaces: true,
    max_log_size: '1MiB',
    // What the pipeline refuses is offered again, without end.
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
      // Parts of a line, and a line that the next one always completes.
      {
        id: 'lines',
        type: 'recombine',
        combine_field: 'body',
        combine_with: '',
        is_last_entry: String.raw`attributes.tag != "P" and not (body endsWith "\n")`,
        source_identifier: 'attributes.source',
        // The time of the last part, as Promtail takes it.
        overwrite_with: 'newest',
        max_batch_size: 0,
        max_unmatched_batch_size: 0,
        // Beyond it the rest is a line of its own: one that never ends must not fill the memory.
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
        // The time of its first line.
        overwrite_with: 'oldest',
        max_batch_size: multiline.maxLines,
        // What comes before the first line of an entry stays as it is.
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
