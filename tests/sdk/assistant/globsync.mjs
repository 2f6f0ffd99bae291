// The conformance suite imports `globSync` from `fs`, which Node has from version 22 on, for a command that is not used
// here. Before that there is one that finds nothing.
import * as fs from 'node:fs';
import { register } from 'node:module';

if (!('globSync' in fs)) {
  const page = (code) => `data:text/javascript,${encodeURIComponent(code)}`;
  const withGlob = page("export * from 'node:fs'; export const globSync = () => [];");
  register(
    page(`export const resolve = (name, context, next) =>
      name === 'fs' ? { url: ${JSON.stringify(withGlob)}, shortCircuit: true } : next(name, context);`),
  );
}
