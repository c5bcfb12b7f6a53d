import * as zlib from 'node:zlib';
import { type Compressors, zlibCompressors } from '@holdfast/core';

export const bunCompressors: Compressors = zlibCompressors(zlib);
