// `cdk8s init` loads this module, which is not needed to synthesize or to import.
