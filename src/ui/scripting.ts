// Entry of a bundle: what scripts and agents call.
export { createApi } from './api';
export { createTools } from './languageModel/index';
