import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { readFileDescriptorSet } from '@holdfast/protos';
import { readerOf, skipField } from '../wire/message-reader.ts';

/**
 * `grpc.reflection.v1.ServerReflection`: tools such as `buf curl` and grpcurl need no proto files.
 */
export function reflectionService(): ReflectionService {
  return new ReflectionService({
    // Of a definition the service reads nothing but its file descriptors.
    holdfast: { fileDescriptorProtos: splitFiles(readFileDescriptorSet()) },
  } as unknown as PackageDefinition);
}

/** The files of a FileDescriptorSet, still encoded. */
function splitFiles(set: Buffer): Buffer[] {
  const reader = readerOf(set);
  const files: Buffer[] = [];
  while (reader.pos < set.length) {
    const tag = reader.uint32();
    if (tag === 0x0a) files.push(Buffer.from(reader.bytes()));
    else skipField(reader, tag);
  }
  return files;
}
