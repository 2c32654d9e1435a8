package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.Rethrow;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.WasiState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The functions of WASI that wait, so that the end of a guest's time and an interruption end them;
 * one object for each engine.
 *
 * <p>The engine waits inside of itself, where neither reaches. So functions of ours take the place
 * of these few: they pass the call on, as it is, to a {@link WaitingComponent} in the same store.
 */
final class StoppableWaits {
  private static final String POLL = "wasi:io/poll";
  private static final String STREAMS = "wasi:io/streams";

  // What an instance of the component consists of.
  private static final int CORE_INSTANCES = 2;
  private static final int MEMORIES = 1;

  private static final long FUEL = Long.MAX_VALUE; // to wait takes none of the guest's

  private final PreparedComponent prepared;
  private final Function<Store, ComponentInstance> instantiate = this::instantiate;

  private StoppableWaits(Engine engine) {
    Component component = Component.fromWat(engine, WaitingComponent.text());
    prepared = Linking.ofEngine(component).prepare();
  }

  /**
   * Returns the object of an engine, which must be open; {@code null} if its guests cannot be
   * stopped while they wait.
   */
  static @Nullable StoppableWaits of(Engine engine) {
    // On Pulley a host function cannot enter a guest.
    return ComponentStore.ACCESS.isInterruptible(engine) && !engine.isPulley()
        ? ComponentStore.ACCESS.attachment(engine, StoppableWaits.class, StoppableWaits::new)
        : null;
  }

  /** Whether an interface of WASI has functions that wait. */
  static boolean waits(String interfaceName) {
    String name = WitVersions.unversioned(interfaceName);
    return name.equals(POLL) || name.equals(STREAMS);
  }

  /**
   * Returns what takes the place of functions of an interface.
   *
   * @param items what a component imports of it; a function of another type than the engine's is
   *     left to the engine, which refuses it
   * @param waiting which streams may keep it waiting; the others are faster by the engine alone
   */
  Map<String, HostCalls.Target> targets(Map<String, WitItem> items, WasiState.Waiting waiting) {
    Map<String, HostCalls.Target> targets = new LinkedHashMap<>();
    items.forEach(
        (name, item) -> {
          String export = name.substring(name.lastIndexOf('.') + 1);
          if (item instanceof WitItem.Function function
              && prepared.component().exports().get(export) instanceof WitItem.Function ours
              && ours.toString().equals(function.toString())
              && waits(name, waiting)) {
            targets.put(
                name, new Waiting(this, export, ours.params().size(), ours.result() == null));
          }
        });
    return targets;
  }

  private static boolean waits(String function, WasiState.Waiting waiting) {
    return switch (waiting) {
      case NOWHERE -> !function.contains("-stream.");
      case READING -> !function.contains("output-stream.") || function.endsWith("splice");
      case ANYWHERE -> true;
    };
  }

  private ComponentInstance instantiate(Store store) {
    ComponentStore.ACCESS.allow(store, CORE_INSTANCES, MEMORIES);
    return prepared.instantiate(store);
  }

  /** Passes calls on. */
  private record Waiting(StoppableWaits waits, String export, int params, boolean isVoid)
      implements HostCalls.Target {
    @Override
    public void call(long slot, long caller, long args, long results) {
      ComponentStore store = ComponentStore.at(slot);
      store.begin(null);
      try {
        call(store, args, results);
      } finally {
        store.endOfJava();
      }
    }

    private void call(ComponentStore store, long args, long results) {
      Throwable thrown = null;
      try {
        store.withFuel(FUEL, () -> passOn(store, args, results));
      } catch (Throwable t) {
        thrown = t;
      }
      try {
        drop(store, args, params);
      } catch (Throwable t) {
        thrown = Transfers.first(thrown, t);
      }
      if (thrown != null) {
        throw Rethrow.unchecked(thrown);
      }
    }

    private boolean passOn(ComponentStore store, long args, long results) {
      ComponentInstance instance = (ComponentInstance) store.made(waits.instantiate);
      long func = instance.boundOnce(this, () -> instance.core(export));
      store.enter(
          Shim.COMPONENT_CALL,
          6,
          func,
          store.state().context().address(),
          args,
          params,
          results,
          isVoid ? 0 : 1);
      return true;
    }

    // The handles were lent to Java. Where the guest is unwound, they are gone with it.
    private static void drop(ComponentStore store, long values, long count) {
      for (long at = values; at < values + count * Codec.SIZEOF; at += Codec.SIZEOF) {
        if (store.state().spentBy() != null) {
          return;
        }
        switch (getByte(at)) {
          case WasmtimeComponentVal.WASMTIME_COMPONENT_RESOURCE ->
              store.drop(getLong(at + Codec.OF), null);
          case WasmtimeComponentVal.WASMTIME_COMPONENT_LIST -> {
            long size = getLong(at + Codec.OF);
            long data = getLong(at + Codec.OF + Long.BYTES);
            if (size > 0 && getByte(data) == WasmtimeComponentVal.WASMTIME_COMPONENT_RESOURCE) {
              drop(store, data, size);
            }
          }
          default -> {}
        }
      }
    }
  }
}
