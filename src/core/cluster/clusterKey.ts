/** What a cluster is remembered by: a context of the same name may lead to another one. */
export const clusterKey = ({ context, server }: { context: string; server: string }): string => `${context} ${server}`;
