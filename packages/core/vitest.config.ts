import { defineConfig } from 'vitest/config';

// Histories make and drop whole stores: with more room for young objects a tenth less time goes to
// collecting them.
export default defineConfig({ test: { execArgv: ['--max-semi-space-size=64'] } });
