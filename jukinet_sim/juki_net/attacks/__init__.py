"""Traffic that should not be there: stray, misconfigured and hostile, each an entry of `juki_net.attacks`."""
