export { startRestApi, type RestBackend, type RunningRestApi } from './server';
