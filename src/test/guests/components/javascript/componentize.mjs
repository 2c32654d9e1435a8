// node componentize.mjs SOURCE WIT WORLD COMPONENT FEATURE... makes a component that has these
// features of WASI besides those that its world imports.
import { componentize } from '@bytecodealliance/componentize-js';
import { writeFileSync } from 'node:fs';

const all = ['stdio', 'random', 'clocks', 'http', 'fetch-event'];
const [sourcePath, witPath, worldName, output, ...features] = process.argv.slice(2);
const disableFeatures = all.filter((feature) => !features.includes(feature));
const { component } = await componentize({ sourcePath, witPath, worldName, disableFeatures });
writeFileSync(output, component);
