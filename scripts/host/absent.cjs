/**
 * Takes the place of packages that libraries ask for and nothing here uses: the Kubernetes client's own requests and
 * sockets (ours go by axios), and what TensorFlow fetches by where Node itself has no fetch. What is not in a bundle
 * would be looked for at run time, in every folder above the extension's.
 */
module.exports = function absent() {
  throw new Error('This package is no part of the extension.');
};
