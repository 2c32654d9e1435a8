package io.github.wasmtimejvm.component;

import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call costs by the engine's tree of values and directly, in nanoseconds on one machine: the
 * two are compared to choose. {@code scripts/bench} has measured both.
 *
 * @param hasPointers whether there are strings, lists or maps in what the guest is given
 * @param resources of which there are handles
 * @param reason why the call is not made directly; {@code null} if it is
 * @param onlyLongStrings whether it is worth it for calls with a long string only
 */
record CallCost(
    boolean hasPointers,
    Set<ResourceType> resources,
    @Nullable String reason,
    boolean onlyLongStrings) {
  /** From so many characters on a string is long: scripts/measure-components has measured it. */
  static final int LONG_STRING = 1024;

  private static final int CALL = 190; // of a core function by the engine
  private static final int SCALAR = 30;
  private static final int NAME = 60; // which is copied and compared
  private static final int TEXT = 100;
  private static final int HANDLE = 150;
  private static final int LONG = 1_000_000; // as long as the guest likes

  /** Whether all calls are made directly that can be, whatever they cost: for tests. */
  static boolean ignored = Boolean.getBoolean("wasmtimejvm.directAlways");

  /** Compares the costs of a function of the host's, which the guest calls. */
  static CallCost ofImport(WitItem.Function type) {
    Walk walk = new Walk();
    int direct = CALL / 2;
    int byValues = CALL / 2;
    for (WitType.Field param : type.params()) {
      byValues += walk.of(param.type()).nanos();
    }
    boolean pointers = false;
    if (type.result() != null) {
      Walk.Type cost = walk.of(type.result());
      byValues += cost.nanos();
      direct += cost.calls();
      pointers = cost.pointers() > 0;
    }
    return new CallCost(
        pointers,
        walk.resources,
        walk.refusal(byValues > direct + SCALAR * type.params().size()),
        false);
  }

  /** Compares the costs of a function of the guest's. */
  static CallCost of(WitItem.Function type) {
    Walk walk = new Walk();
    int direct = CALL;
    int byValues = CALL / 2;
    boolean pointers = false;
    for (WitType.Field param : type.params()) {
      Walk.Type cost = walk.of(param.type());
      byValues += cost.nanos();
      direct += cost.calls();
      pointers |= cost.pointers() > 0;
    }
    if (type.result() != null) {
      Walk.Type cost = walk.of(type.result());
      byValues += cost.nanos();
      direct += (cost.pointers() > 0 ? CALL : 0) + cost.handles() * CALL; // to free it
    }
    boolean isFaster = byValues > direct || ignored;
    boolean hasString =
        type.params().stream().anyMatch(param -> param.type() == WitType.Primitive.STRING);
    return new CallCost(
        pointers, walk.resources, walk.refusal(isFaster || hasString), !isFaster && hasString);
  }

  private static final class Walk {
    /**
     * @param pointers how many calls for memory a value needs
     * @param handles how many handles it has
     */
    record Type(int nanos, int pointers, int handles) {
      Type(int nanos, int pointers) {
        this(nanos, pointers, 0);
      }

      Type plus(Type other) {
        return new Type(
            Math.min(LONG, nanos + other.nanos),
            Math.min(LONG, pointers + other.pointers),
            Math.min(LONG, handles + other.handles));
      }

      int calls() {
        return Math.min(LONG, pointers + handles) * CALL;
      }
    }

    // In the order of the type: the names of what is lifted for them depend on it.
    private final Set<ResourceType> resources = new LinkedHashSet<>();

    private final Map<WitType, Type> known = new IdentityHashMap<>();
    private @Nullable String refusal;

    @Nullable String refusal(boolean isFaster) {
      return refusal != null ? refusal : isFaster || ignored ? null : "it is not slower so";
    }

    Type of(WitType type) {
      Type cost = known.get(type);
      if (cost == null) {
        cost = make(type);
        known.put(type, cost);
      }
      return cost;
    }

    private Type make(WitType type) {
      return switch (type) {
        case WitType.Primitive primitive ->
            primitive == WitType.Primitive.STRING ? new Type(TEXT, 1) : new Type(SCALAR, 0);
        case WitType.ListType(WitType element) -> list(of(element));
        case WitType.MapType(WitType key, WitType value) -> list(of(key).plus(of(value)));
        case WitType.RecordType(_, List<WitType.Field> fields) -> {
          Type cost = new Type(NAME, 0);
          for (WitType.Field field : fields) {
            cost = cost.plus(of(field.type())).plus(new Type(NAME, 0));
          }
          yield cost;
        }
        case WitType.TupleType(List<WitType> types) -> {
          Type cost = new Type(NAME, 0);
          for (WitType one : types) {
            cost = cost.plus(of(one));
          }
          yield cost;
        }
        case WitType.VariantType(_, List<WitType.Case> cases) -> {
          Type cost = new Type(0, 0);
          for (WitType.Case one : cases) {
            cost = larger(cost, one.type());
          }
          yield cost.plus(new Type(2 * NAME, 0));
        }
        case WitType.EnumType _ -> new Type(NAME, 0);
        case WitType.FlagsType(_, List<String> flags) -> {
          if (flags.isEmpty() || flags.size() > Layout.Flags.MOST) {
            refusal = "there are too many flags";
          }
          yield new Type(NAME * (1 + flags.size() / 2), 0);
        }
        case WitType.OptionType(WitType value) -> of(value).plus(new Type(NAME, 0));
        case WitType.ResultType(WitType ok, WitType err) ->
            larger(larger(new Type(0, 0), ok), err).plus(new Type(NAME, 0));
        case WitType.OwnType(ResourceType resource) -> handle(resource);
        case WitType.BorrowType(ResourceType resource) -> handle(resource);
      };
    }

    private static Type list(Type element) {
      return new Type(LONG, Math.min(LONG, 1 + element.pointers()), element.handles());
    }

    private Type handle(ResourceType resource) {
      resources.add(resource);
      return new Type(HANDLE, 0, 1);
    }

    private Type larger(Type cost, @Nullable WitType type) {
      if (type == null) {
        return cost;
      }
      Type other = of(type);
      return new Type(
          Math.max(cost.nanos(), other.nanos()),
          Math.max(cost.pointers(), other.pointers()),
          Math.max(cost.handles(), other.handles()));
    }
  }
}
