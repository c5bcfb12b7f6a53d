#!/usr/bin/env node
// npm links a command only if its file is there at installation, and dist/ comes later in a fresh
// clone.
import '../dist/holdfast.js';
