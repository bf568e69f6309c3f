/**
 * V8's code cache of a bundle: what the engine has compiled of it when the package was built (scripts/record-code-caches.ts), so that
 * who starts compiles none of it again. It is good for one version of Node on one kind of machine; without it all is as it is with it, but slower.
 */
import fs = require('node:fs');
import vm = require('node:vm');
import zlib = require('node:zlib');

/** A bundle's text and its cache's bytes as one number, with which a cache begins: V8 would believe one that is damaged. */
function sealOf(text: Buffer, code: Buffer): Buffer {
  const seal = Buffer.alloc(4);
  seal.writeUInt32LE(zlib.crc32(code, zlib.crc32(text)));
  return seal;
}

/** Where the cache of a bundle for this Node lies. */
const cacheFileOf = (file: string) => `${file}.${process.version}-${process.platform}-${process.arch}.cache`;

/** The cache of a bundle, if there is one and it is whole. */
function readCache(file: string, text: Buffer): Buffer | undefined {
  let cache: Buffer;
  try {
    cache = fs.readFileSync(cacheFileOf(file));
  } catch {
    return undefined;
  }
  const code = cache.subarray(4);
  return sealOf(text, code).equals(cache.subarray(0, 4)) ? code : undefined;
}

/** A bundle as a script whose value is the function that a CommonJS module is; from its cache where V8 accepts that. */
function compileBundle(file: string): vm.Script {
  const text = fs.readFileSync(file);
  const cachedData = readCache(file, text);
  // Bundles are ASCII. A string of one byte a character is what V8 reads fastest.
  return new vm.Script(text.toString('latin1'), { filename: file, ...(cachedData ? { cachedData } : {}) });
}

/** Runs a compiled bundle as the CommonJS module that it is. */
function runBundle(script: vm.Script, file: string, require: NodeJS.Require): unknown {
  const bundle = { exports: {} };
  const run = script.runInThisContext() as (...names: unknown[]) => void;
  run(bundle.exports, require, bundle, file);
  return bundle.exports;
}

/** Keeps what V8 has compiled of a bundle so far as its cache. */
function writeCache(file: string, script: vm.Script): void {
  const code = script.createCachedData();
  fs.writeFileSync(cacheFileOf(file), Buffer.concat([sealOf(fs.readFileSync(file), code), code]));
}

export = { compileBundle, runBundle, writeCache };
