/** Thrown for input that cannot be reviewed; the message is one line with the place and the cure. */
export class ReviewError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReviewError';
  }
}
