/**
 * Goal: the documented address forms, and nothing else, become targets.
 * Method: a table. Not covered: whether anything listens there.
 */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.ts';

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1:7420', 'dns:127.0.0.1:7420'],
    ['127.0.0.1', 'dns:127.0.0.1:7420'],
    ['localhost:80', 'dns:localhost:80'],
    ['holdfast-0.cache_svc:7421', 'dns:holdfast-0.cache_svc:7421'],
    ['[::1]:7420', 'dns:[::1]:7420'],
    ['[::1]', 'dns:[::1]:7420'],
    ['http://127.0.0.1:7420', 'dns:127.0.0.1:7420'],
    ['http://127.0.0.1:7420/', 'dns:127.0.0.1:7420'],
    ['http://sidecar', 'dns:sidecar:7420'],
    ['unix:/run/holdfast.sock', 'unix:/run/holdfast.sock'],
    ['unix:///run/holdfast.sock', 'unix:/run/holdfast.sock'],
    ['unix:data/holdfast.sock', `unix:${resolve('data/holdfast.sock')}`],
  ])('takes %s', (address, target) => {
    expect(parseAddress(address)).toBe(target);
  });

  it.each([
    '',
    ':7420',
    'host:',
    'host:0',
    'host:65536',
    'host:port',
    '::1:7420',
    'http://',
    'http://host:1/path',
    'http://user@host:1',
    'https://host:1',
    'ftp://host:1',
    'two hosts:1',
    'unix:',
    'unix:/with\0zero',
    `unix:/${'x'.repeat(107)}`,
    7420 as never,
    undefined as never,
  ])('refuses %j', (address) => {
    expect(() => parseAddress(address)).toThrow('INVALID_ARGUMENT');
  });
});
