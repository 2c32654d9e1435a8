package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Appends sections to a component that lift some of its core functions once more, with the types
 * that they have in core code, and export them. So a host can call them as they are, and pass
 * values in the guest's memory. What the component has stays as it is.
 */
public final class AppendedLifts {
  private static final int CORE_MODULE = 1;
  private static final int CORE_INSTANCES = 2;
  private static final int ALIASES = 6;
  private static final int TYPES = 7;
  private static final int CANONS = 8;
  private static final int EXPORTS = 11;

  private static final int FUNCTION = 1; // sort of components
  private static final int TYPE = 3;
  private static final int OWN = 0x69;
  private static final int BORROW = 0x68;
  private static final int CORE_FUNCTION = 0; // sort of core code
  private static final int CORE_MEMORY = 2;
  private static final int CORE_INSTANCE = 0x12;

  // (module (import "" "m" (memory 0))
  //   (func (export "s") (result i32) memory.size)
  //   (func (export "l") (param i32) (result i32) local.get 0 i32.load)
  //   (func (export "t") (param i32 i32) local.get 0 local.get 1 i32.store)
  //   (func (export "i") (param i32) (result i32) local.get 0))
  private static final byte[] PROBE = {
    0, 'a', 's', 'm', 1, 0, 0, 0, //
    1, 15, 3, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 0, //
    2, 7, 1, 0, 1, 'm', 2, 0, 0, //
    3, 5, 4, 0, 1, 2, 1, //
    7, 17, 4, 1, 's', 0, 0, 1, 'l', 0, 1, 1, 't', 0, 2, 1, 'i', 0, 3, //
    10, 29, 4, 4, 0, 0x3f, 0, 0x0b, 7, 0, 0x20, 0, 0x28, 0, 0, 0x0b, 9, 0, 0x20, 0, 0x20, 1, 0x36,
    0, 0, 0x0b, 4, 0, 0x20, 0, 0x0b
  };

  private static final List<String> PROBED = List.of("s", "l", "t", "i");
  private static final int IDENTITY = 3; // of these
  private static final List<List<CoreValueType>> PROBE_PARAMETERS =
      List.of(List.of(), List.of(CoreValueType.I32), List.of(CoreValueType.I32, CoreValueType.I32));

  private final IndexSpaces spaces;
  private final List<Lift> lifts = new ArrayList<>();
  private final List<Resource> resources = new ArrayList<>();
  private final ByteWriter out = new ByteWriter();

  /**
   * A core function that is lifted.
   *
   * @param name what it is exported as
   * @param index of the core function
   * @param type writes the type
   */
  private record Lift(String name, int index, Runnable type) {}

  /**
   * @param spaces those of the component that is appended to
   */
  public AppendedLifts(IndexSpaces spaces) {
    this.spaces = spaces;
  }

  /**
   * Lifts a function.
   *
   * @param name what it is exported as
   * @param function a core function of the component
   * @param parameters the types of its parameters
   * @param results the types of its results, one at most
   */
  public void add(
      String name, CoreItem function, List<CoreValueType> parameters, List<CoreValueType> results) {
    add(name, spaces.function(function), parameters, results);
  }

  private void add(
      String name, int index, List<CoreValueType> parameters, List<CoreValueType> results) {
    lifts.add(new Lift(name, index, () -> ComponentEdits.writeType(out, parameters, results)));
  }

  /**
   * Adds functions that turn handles of a resource into numbers and back. {@link #addProbe} is to
   * follow.
   *
   * @param resource one that the component defines
   * @param name what the type is exported as
   * @param give an owned handle becomes one of the guest's table
   * @param lend a handle becomes what the resource is for the guest
   * @param take a handle of the guest's table becomes an owned one
   */
  public void addHandles(
      ComponentResourceType resource, String name, String give, String lend, String take) {
    int number = resources.size();
    resources.add(new Resource(spaces.type(resource), name));
    lifts.add(new Lift(give, identity(), () -> handleType(() -> handle(number, 0), this::u32)));
    lifts.add(new Lift(lend, identity(), () -> handleType(() -> handle(number, 1), this::u32)));
    lifts.add(new Lift(take, identity(), () -> handleType(this::u32, () -> handle(number, 0))));
  }

  private record Resource(int type, String name) {}

  private int identity() {
    return spaces.coreFunctions() + IDENTITY;
  }

  private void handleType(Runnable parameter, Runnable result) {
    out.write(ComponentEdits.FUNCTION);
    out.writeCount(1);
    name("h");
    parameter.run();
    out.write(0);
    result.run();
  }

  private void u32() {
    out.write(CoreValueType.I32.lifted);
  }

  // The index of own or borrow of a resource, as a signed number.
  private void handle(int resource, int borrow) {
    int index = spaces.types() + resources.size() + 2 * resource + borrow;
    out.writeSigned(index);
  }

  /**
   * Adds a module with functions for a memory and lifts three of them: its size in pages, and a
   * load and store of 32 bits.
   *
   * @param memory a memory of the component
   * @param names what the functions are exported as, in that order
   */
  public void addProbe(CoreItem memory, List<String> names) {
    section(CORE_MODULE, () -> out.writeAll(PROBE));
    section(
        CORE_INSTANCES,
        () -> {
          out.writeCount(2);
          out.write(1); // of exports
          out.writeCount(1);
          name("m");
          out.write(CORE_MEMORY);
          out.writeCount(spaces.memory(memory));
          out.write(0); // of a module
          out.writeCount(spaces.coreModules());
          out.writeCount(1);
          name("");
          out.write(CORE_INSTANCE);
          out.writeCount(spaces.coreInstances());
        });
    section(
        ALIASES,
        () -> {
          out.writeCount(PROBED.size());
          for (String function : PROBED) {
            out.write(0); // something of core code
            out.write(CORE_FUNCTION);
            out.write(1); // an export of a core instance
            out.writeCount(spaces.coreInstances() + 1);
            name(function);
          }
        });
    for (int i = 0; i < names.size(); i++) {
      add(
          names.get(i),
          spaces.coreFunctions() + i,
          PROBE_PARAMETERS.get(i),
          i == names.size() - 1 ? List.of() : List.of(CoreValueType.I32));
    }
  }

  /** Returns the component with what was added. */
  public byte[] appendTo(byte[] component) {
    if (!resources.isEmpty()) {
      exportResources();
    }
    section(
        TYPES,
        () -> {
          out.writeCount(2 * resources.size() + lifts.size());
          for (int i = 0; i < resources.size(); i++) {
            out.write(OWN);
            out.writeCount(spaces.types() + i);
            out.write(BORROW);
            out.writeCount(spaces.types() + i);
          }
          lifts.forEach(lift -> lift.type().run());
        });
    int types = spaces.types() + 3 * resources.size();
    section(
        CANONS,
        () ->
            each(
                (number, lift) -> {
                  out.write(0); // lift
                  out.write(0);
                  out.writeCount(lift.index());
                  out.writeCount(0); // options
                  out.writeCount(types + number);
                }));
    section(
        EXPORTS,
        () ->
            each(
                (number, lift) -> {
                  out.write(0); // a name without version
                  name(lift.name());
                  out.write(FUNCTION);
                  out.writeCount(spaces.functions() + number);
                  out.write(0); // no type of its own
                }));
    byte[] appended = out.toArray();
    byte[] whole = Arrays.copyOf(component, component.length + appended.length);
    System.arraycopy(appended, 0, whole, component.length, appended.length);
    return whole;
  }

  // Types of exported functions are made of exported types only.
  private void exportResources() {
    section(
        EXPORTS,
        () -> {
          out.writeCount(resources.size());
          for (Resource resource : resources) {
            out.write(0); // a name without version
            name(resource.name());
            out.write(TYPE);
            out.writeCount(resource.type());
            out.write(0); // no type of its own
          }
        });
  }

  private interface Writing {
    void write(int number, Lift lift);
  }

  private void each(Writing writing) {
    out.writeCount(lifts.size());
    for (int i = 0; i < lifts.size(); i++) {
      writing.write(i, lifts.get(i));
    }
  }

  private void section(int id, Runnable content) {
    out.write(id);
    int begin = out.beginSized();
    content.run();
    out.endSized(begin);
  }

  private void name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.writeCount(bytes.length);
    out.writeAll(bytes);
  }
}
