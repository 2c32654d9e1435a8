package io.github.wasmtimejvm.binary;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs while a component is instantiated: the start functions of its core modules. The only
 * one can be called afterwards instead if it is that of the last instance, and a function that the
 * instance is given; so a host can look for the component's memory before.
 */
public final class StartSections {
  private final boolean isMovable;
  private @Nullable ModuleStart last;
  private @Nullable CoreItem function;

  /**
   * @param bytes what the component was read from
   */
  public StartSections(Component component, byte[] bytes) {
    Map<CoreModule, Optional<ModuleStart>> known = new IdentityHashMap<>();
    boolean movable = true;
    for (CoreInstance instance : component.coreInstances()) {
      if (instance instanceof CoreInstance.OfModule ofModule) {
        movable &= last == null; // none comes after one with a start function
        if (ofModule.module() instanceof CoreModule.Bytes(int from, int to)) {
          ModuleStart start =
              known
                  .computeIfAbsent(
                      ofModule.module(), _ -> Optional.ofNullable(read(bytes, from, to)))
                  .orElse(null);
          if (start != null) {
            last = start;
            function = function(ofModule, start);
            movable &= function != null;
          }
        } else {
          movable = false; // who knows what it does
        }
      }
    }
    isMovable = movable;
  }

  private static @Nullable ModuleStart read(byte[] bytes, int from, int to) {
    try {
      return ModuleStart.read(ByteReader.from(bytes, from).take(to - from));
    } catch (IndexOutOfBoundsException damaged) {
      return null; // the engine refuses it
    }
  }

  private static @Nullable CoreItem function(CoreInstance.OfModule instance, ModuleStart start) {
    ModuleMemories.Import imported = start.function();
    CoreInstance argument = imported == null ? null : instance.arguments().get(imported.module());
    return argument == null || imported == null
        ? null
        : argument.export(CoreSort.FUNCTION, imported.name());
  }

  /** Whether nothing runs, or what runs can be called afterwards. */
  public boolean isMovable() {
    return isMovable;
  }

  /** Returns the function that is to be called afterwards, {@code null} if nothing runs. */
  public @Nullable CoreItem function() {
    return function;
  }

  /** Takes the start section out. */
  public void remove(ComponentEdits edits) {
    ModuleStart section = last;
    if (section != null) {
      edits.replace(section.from(), section.to(), new byte[0]);
    }
  }
}
