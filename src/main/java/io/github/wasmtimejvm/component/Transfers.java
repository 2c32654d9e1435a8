package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.Rethrow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the values of calls under way hold of resources, and what is to be done with it: a resource
 * that is moved to a guest stays where it is if the guest is not entered after all.
 */
final class Transfers {
  /** Something that a value of a call holds. */
  interface Transfer {
    /**
     * Ends it, once.
     *
     * @param done whether the guest got the values
     */
    void settle(boolean done);
  }

  private record Entry(int call, Transfer transfer) {}

  private final ComponentStore store;
  private final ArrayList<Entry> entries = new ArrayList<>(0);

  Transfers(ComponentStore store) {
    this.store = store;
  }

  /** Adds to what the innermost call holds. */
  void add(Transfer transfer) {
    entries.add(new Entry(store.depth(), transfer));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Takes what a call holds, which then is {@link Batch#settle}d by the caller.
   *
   * @param call the number of the innermost call
   */
  Batch take(int call) {
    Batch batch = new Batch();
    while (!entries.isEmpty() && entries.getLast().call() >= call) {
      batch.transfers.add(entries.removeLast().transfer());
    }
    return batch;
  }

  /** Returns the first of two failures, the second suppressed in it. */
  static Throwable first(@Nullable Throwable first, Throwable second) {
    if (first == null) {
      return second;
    }
    if (first != second) {
      first.addSuppressed(second);
    }
    return first;
  }

  /** What one call held, the last first. */
  static final class Batch {
    private final List<Transfer> transfers = new ArrayList<>(1);

    private Batch() {}

    /** Ends all of it, whatever one of them throws; the first that is thrown comes out. */
    void settle(boolean done) {
      Throwable failure = null;
      for (Transfer transfer : transfers) {
        try {
          transfer.settle(done);
        } catch (Throwable e) {
          failure = first(failure, e);
        }
      }
      if (failure != null) {
        throw Rethrow.unchecked(failure);
      }
    }
  }
}
