package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The memory of an instance whose functions are called directly.
 *
 * <p>The C API has no function for the memory of a component. But a {@code wasmtime_memory_t} is
 * the number of a core instance and of a memory in it, and the core instances of a store are
 * numbered in the order of their making. So the handle is put together from numbers, where they are
 * certain: {@link StoreNumbers} is asked before and after the component is instantiated, and as
 * many numbers must have been given out as the component has core instances. Then, before it is
 * used, the memory that the handle stands for is compared with what the guest's own instructions
 * see: its size, and what is written there. That touches the memory, which takes longer than all
 * else of an instance; where it is to be known before the guest runs, it is done for the first
 * instance of a component only, whose numbers those of the others are like.
 */
final class DirectInstance {
  private static final int PAGE_BITS = 16;
  private static final int PROBED = 16; // an address in every memory
  private static final long FUEL = 1000; // more than the check takes
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ComponentInstance instance;
  private final DirectPlan plan;
  private final MemorySegment memory;
  private boolean checked;
  private boolean usable;

  private DirectInstance(ComponentInstance instance, DirectPlan plan, MemorySegment memory) {
    this.instance = instance;
    this.plan = plan;
    this.memory = memory;
  }

  /**
   * Returns that of an instance which has just been made, {@code null} if the numbers are not
   * certain.
   *
   * @param before the number that was given out last before
   */
  static @Nullable DirectInstance of(ComponentInstance instance, DirectPlan plan, int before) {
    ComponentStore store = instance.componentStore();
    StoreNumbers numbers = store.numbers();
    if (numbers.next() != before + 1 + plan.coreInstances()) {
      return null;
    }
    return new DirectInstance(
        instance, plan, numbers.memory(before + 1 + plan.ownerNumber(), plan.memoryIndex()));
  }

  DirectPlan plan() {
    return plan;
  }

  /**
   * The memory as one function of the instance uses it.
   *
   * @param encoding of strings
   * @param copying whether bytes are copied, since the guest is entered while values are read
   */
  DirectMemory memory(StringEncoding encoding, boolean copying) {
    return new DirectMemory(instance, memory, encoding, copying);
  }

  /**
   * Whether the memory is the guest's, within a use of the store. The first time its functions are
   * asked.
   */
  boolean isUsable() {
    return isUsable(false);
  }

  /** The same before the guest has touched its memory. */
  boolean isUsableFromTheBeginning() {
    return isUsable(true);
  }

  private boolean isUsable(boolean untouched) {
    if (!checked) {
      // Asked again if it was stopped.
      usable = instance.componentStore().withFuel(FUEL, () -> isTheGuests(untouched));
      checked = true;
    }
    return usable;
  }

  private boolean isTheGuests(boolean untouched) {
    ComponentStore store = instance.componentStore();
    CoreFunction size = new CoreFunction(instance.core(DirectPlan.PROBE.get(0)), 0, 1);
    store.begin(instance);
    try {
      long frame = store.scratch().reserve(CoreFunction.frameSize(2));
      long pages = Integer.toUnsignedLong(size.call(store, frame, new int[0]));
      DirectMemory seen = memory(StringEncoding.UTF8, false);
      if (seen.size() != pages << PAGE_BITS) {
        return false;
      }
      if (pages == 0 || (untouched && plan.isProved())) {
        return true; // in the first case with nothing in it
      }
      CoreFunction load = new CoreFunction(instance.core(DirectPlan.PROBE.get(1)), 1, 1);
      CoreFunction put = new CoreFunction(instance.core(DirectPlan.PROBE.get(2)), 2, 0);
      int before = load.call(store, frame, PROBED);
      int nonce = RANDOM.nextInt();
      put.call(store, frame, PROBED, nonce);
      if (seen.getInt(PROBED) != nonce) {
        put.call(store, frame, PROBED, before);
        return false;
      }
      seen.putInt(PROBED, before); // now, since the next entry may be refused
      boolean same = load.call(store, frame, PROBED) == before;
      if (same) {
        plan.prove();
      }
      return same;
    } finally {
      store.end();
    }
  }
}
