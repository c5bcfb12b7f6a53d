import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { loadHoldfastProtos } from '@holdfast/protos';
import { protoPath as healthProtoPath } from 'grpc-health-check';

/** `grpc.reflection.v1.ServerReflection`: tools such as `buf curl` and grpcurl need no proto files. */
export function reflectionService(): ReflectionService {
  const definitions: PackageDefinition = {
    ...loadHoldfastProtos().packageDefinition,
    ...loadSync(healthProtoPath),
  };
  return new ReflectionService(definitions);
}
