/** One check and its result. */
export interface Check {
  name: string;
  /** What was verified, in words and numbers. */
  verified: string;
  /** What is wrong; empty where all is well. */
  problems: string[];
}
