/** A file that is made from code, in whole or between two marks. */
export interface GeneratedFile {
  readonly file: string;
  readonly content: string;
}
