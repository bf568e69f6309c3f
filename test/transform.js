/** TypeScript to JavaScript, a file at a time, as Jest asks for it; `npm run lint` checks types. */
import { transformSync } from 'esbuild';

export default {
  process(source, sourcefile) {
    return transformSync(source, { loader: 'ts', sourcefile, sourcemap: 'external', target: 'node20' });
  },
};
