// `npm run quickstart`: installs and builds what is missing, says nothing about what is not, and
// runs examples/quickstart.
import './bootstrap.mjs';
import { buildQuietly } from './build-quietly.mjs';

console.log('Building what has changed …\n');
buildQuietly('@holdfast/examples');
await import('../examples/dist/quickstart/main.js');
