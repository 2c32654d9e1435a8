package io.github.wasmtimejvm.component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The layouts of the types of a component, each made once. */
final class Layouts {
  private final Map<WitType, Layout> known = new IdentityHashMap<>();

  /** Returns the layout of a type. */
  Layout of(WitType type) {
    Layout layout = known.get(type);
    if (layout == null) {
      layout = make(type);
      known.put(type, layout);
    }
    return layout;
  }

  private Layout make(WitType type) {
    return switch (type) {
      case WitType.Primitive primitive ->
          primitive == WitType.Primitive.STRING
              ? Layout.Pointer.INSTANCE
              : Layout.Scalar.of(primitive);
      case WitType.ListType _, WitType.MapType _ -> Layout.Pointer.INSTANCE;
      case WitType.RecordType(_, List<WitType.Field> fields) ->
          Layout.Fields.of(fields.stream().map(field -> of(field.type())).toList());
      case WitType.TupleType(List<WitType> types) ->
          Layout.Fields.of(types.stream().map(this::of).toList());
      case WitType.VariantType(_, List<WitType.Case> cases) -> {
        List<@Nullable Layout> layouts = new ArrayList<>();
        cases.forEach(one -> layouts.add(optional(one.type())));
        yield Layout.Cases.of(layouts);
      }
      case WitType.EnumType(_, List<String> cases) ->
          Layout.Cases.of(Collections.nCopies(cases.size(), null));
      case WitType.FlagsType(_, List<String> flags) -> Layout.Flags.of(flags.size());
      case WitType.OptionType(WitType value) -> Layout.Cases.of(Arrays.asList(null, of(value)));
      case WitType.ResultType(WitType ok, WitType err) ->
          Layout.Cases.of(Arrays.asList(optional(ok), optional(err)));
      case WitType.OwnType _, WitType.BorrowType _ -> Layout.Scalar.of(WitType.Primitive.U32);
    };
  }

  private @Nullable Layout optional(@Nullable WitType type) {
    return type == null ? null : of(type);
  }
}
