package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds which core instance defines a memory: modules pass memories on by importing and exporting
 * them. Each module is read once.
 */
public final class CoreMemories {
  private final byte[] bytes;
  private final Map<CoreModule, Optional<ModuleMemories>> modules = new IdentityHashMap<>();
  private final Map<CoreItem, Optional<CoreMemory>> found = new HashMap<>();

  /**
   * @param bytes what the component was read from
   */
  public CoreMemories(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Finds the memory that an index stands for.
   *
   * @return {@code null} if the memory comes from a module outside, or if a module is damaged
   */
  public @Nullable CoreMemory find(CoreItem memory) {
    List<CoreItem> passed = new ArrayList<>();
    Optional<CoreMemory> result = Optional.empty();
    @Nullable CoreItem item = memory;
    while (item instanceof CoreItem.Export export) {
      Optional<CoreMemory> known = found.get(export);
      if (known != null) {
        result = known;
        break;
      }
      passed.add(export);
      CoreInstance.OfModule instance = export.instance();
      ModuleMemories module = modules.computeIfAbsent(instance.module(), this::read).orElse(null);
      Integer index = module == null ? null : module.exports().get(export.name());
      if (module == null || index == null || index >= module.size()) {
        break;
      }
      if (index >= module.imports().size()) {
        int defined = index - module.imports().size();
        int flags = module.flags().get(defined);
        result =
            Optional.of(
                new CoreMemory(
                    instance,
                    defined,
                    (flags & ModuleMemories.WIDE) != 0,
                    (flags & ModuleMemories.SHARED) != 0,
                    (flags & ~ModuleMemories.KNOWN) != 0));
        break;
      }
      ModuleMemories.Import from = module.imports().get(index);
      CoreInstance argument = instance.arguments().get(from.module());
      item = argument == null ? null : argument.export(CoreSort.MEMORY, from.name());
    }
    for (CoreItem one : passed) {
      found.put(one, result);
    }
    return result.orElse(null);
  }

  private Optional<ModuleMemories> read(CoreModule module) {
    if (!(module instanceof CoreModule.Bytes(int from, int to))) {
      return Optional.empty();
    }
    try {
      return Optional.of(ModuleMemories.read(ByteReader.from(bytes, from).take(to - from)));
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
