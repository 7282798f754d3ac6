// Stands for the module `api-viewer`, which the build makes; packed in less time.
import { packViewer } from '../../scripts/api-viewer.ts';

export const { page, contentSecurityPolicy } = packViewer(1);
