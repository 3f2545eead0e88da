#!/usr/bin/env node
import { runCli } from './run-cli.js';

// `handoffrail list | head` closes the pipe before everything is said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { env, stdin, stdout, stderr } = process;
process.exitCode = await runCli(process.argv.slice(2), { env, stdin, stdout, stderr });
