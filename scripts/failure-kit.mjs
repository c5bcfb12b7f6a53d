// `npm run failure-kit`: installs and builds what is missing, says nothing about what is not, and
// runs packages/grpc-sidecar/test/failure-kit.
import './bootstrap.mjs';
import { buildQuietly, runQuietly } from './build-quietly.mjs';

const PACKAGE = 'packages/grpc-sidecar';

buildQuietly('@holdfast/grpc-sidecar');
runQuietly('typescript/bin/tsc', ['-p', `${PACKAGE}/tsconfig.failure-kit.json`]);
await import(`../${PACKAGE}/test/failure-kit/dist/grpc-sidecar/test/failure-kit/main.js`);
