package io.github.wasmtimejvm;

/**
 * What happens when a guest has run to its deadline in ticks: see {@link Store#onEpochDeadline}.
 */
@FunctionalInterface
public interface EpochCallback {
  /**
   * Decides whether the guest goes on. It runs on the guest's thread, in the middle of the guest.
   * Calling guests of this store is an {@link IllegalStateException}, and so are closing it and
   * using its fuel. Threads: the guest's.
   *
   * @param store the store
   * @return how many ticks the guest may run from now, not negative
   * @throws Throwable to end the guest: whoever called it gets the same object
   */
  long deadlineReached(Store store) throws Throwable;
}
