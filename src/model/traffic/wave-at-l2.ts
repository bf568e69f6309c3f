/** What of a kind of wave no size of L2 changes (docs/model.md, 10.5). */
export interface WaveAtL2 {
  /** CTAs whose row a wave had floor(rows / slots) waves before, and one wave before that (D1). */
  near: number;
  far: number;
  /**
   * Lines that L2 sees between a row's touches j k-blocks apart, by j; and of a row with a CTA in the wave's last, partial
   * column, whose share `lastColumn` is. Only for lags that occur (D3, D5).
   */
  passed: Float64Array;
  passedLast: Float64Array;
  lastColumn: number;
  /** Lines that L2 sees between the loads of two columns of one row (D4). */
  passedColumn: number;
}
