/** Ctrl-C and SIGTERM: the first asks the run to stop at a chunk's end, the second leaves at once. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED = 130;

/** A signal that comes twice within this was sent once: npm, or a script of Slurm's, passes on what its child has got too. */
const ECHO_MS = 250;

export function stopOnSignals(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    const now = performance.now();
    if (!controller.signal.aborted) first = now;
    else if (now - first > ECHO_MS) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
