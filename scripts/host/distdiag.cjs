#!/usr/bin/env node
// The command line is a module that shares its chunks with the extension; this starts it under the name that people know.
import('../distdiag.mjs');
