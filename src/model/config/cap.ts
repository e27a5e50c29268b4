/** The most that may be spent. What no agent says is not counted. */
export interface Cap {
  /** US dollars. */
  usd?: number;
  /** Read and written, together. */
  tokens?: number;
}
