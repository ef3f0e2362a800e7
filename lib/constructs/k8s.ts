/**
 * The L1 classes of cdk8s-plus-27, one for each kind of Kubernetes 1.27. The package's own entry point also loads the L2
 * classes, and every `import` statement would copy its 6,000 names: 15 ms of each synth.
 */
import k8s = require('cdk8s-plus-27/lib/imports/k8s');

export { k8s };
