/** What a destination responds to a push without data. */
export type DestinationAnswer =
  | {
      readonly outcome: 'status';
      readonly status: number;
      /** First line of the body. */
      readonly message: string;
      /** Where a redirect leads to. */
      readonly location?: string | undefined;
    }
  /** A server answers, and its certificate is not accepted. */
  | { readonly outcome: 'certificate'; readonly reason: string }
  /** A server answers, but not by TLS, or it rejects the client. */
  | { readonly outcome: 'tls'; readonly reason: string }
  /** Nothing answers in time at this address. */
  | { readonly outcome: 'unreached'; readonly reason: string };
