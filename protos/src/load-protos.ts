import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import type { ProtoGrpcType as AdminTypes } from './generated/admin.ts';
import type { ProtoGrpcType as ErrorDetailTypes } from './generated/error_details.ts';
import type { AdminServiceDefinition } from './generated/holdfast/v1/AdminService.ts';
import type { CacheServiceDefinition } from './generated/holdfast/v1/CacheService.ts';
import type { LockServiceDefinition } from './generated/holdfast/v1/LockService.ts';

export interface HoldfastProtos {
  /** The definitions of grpc-js: for `Server.addService` and `makeGenericClientConstructor`. */
  readonly cacheService: CacheServiceDefinition;
  readonly lockService: LockServiceDefinition;
  readonly adminService: AdminServiceDefinition;
  /** The message types errors are made of. */
  readonly status: AdminTypes['google']['rpc']['Status'];
  readonly errorInfo: ErrorDetailTypes['google']['rpc']['ErrorInfo'];
  readonly badRequest: ErrorDetailTypes['google']['rpc']['BadRequest'];
  readonly retryInfo: ErrorDetailTypes['google']['rpc']['RetryInfo'];
}

/**
 * What messages look like in JavaScript: camelCase fields, 64-bit integers as decimal text (never
 * rounded), enums as their names (an unknown one as its number), absent messages `null`, everything
 * else its default, and for each `oneof` a field with its name that says which one is there.
 */
const LOADER_OPTIONS = {
  keepCase: false,
  longs: String,
  enums: String,
  bytes: Buffer,
  defaults: true,
  oneofs: true,
} as const;

/** Both `src` and `dist` are beside the protos. */
const ROOT: string = fileURLToPath(new URL('..', import.meta.url));

const FILES = [
  'holdfast/v1/cache.proto',
  'holdfast/v1/lock.proto',
  'holdfast/v1/admin.proto',
  'google/rpc/error_details.proto',
];

let loaded: HoldfastProtos | undefined;

/** Reads and compiles the protos, once per process. Synchronous: some 30 ms the first time. */
export function loadHoldfastProtos(): HoldfastProtos {
  loaded ??= load();
  return loaded;
}

/** A `google.protobuf.FileDescriptorSet` of all files and their imports, for reflection. */
export function readFileDescriptorSet(): Buffer {
  return readFileSync(join(ROOT, 'src/generated/descriptors.binpb'));
}

function load(): HoldfastProtos {
  const packageDefinition = loadSync(FILES, { ...LOADER_OPTIONS, includeDirs: [ROOT] });
  const find = <Type>(name: string): Type => {
    const definition = packageDefinition[name];
    if (definition === undefined) throw new Error(`the protos define no ${name}`);
    return definition as Type;
  };
  return {
    cacheService: find('holdfast.v1.CacheService'),
    lockService: find('holdfast.v1.LockService'),
    adminService: find('holdfast.v1.AdminService'),
    status: find('google.rpc.Status'),
    errorInfo: find('google.rpc.ErrorInfo'),
    badRequest: find('google.rpc.BadRequest'),
    retryInfo: find('google.rpc.RetryInfo'),
  };
}
