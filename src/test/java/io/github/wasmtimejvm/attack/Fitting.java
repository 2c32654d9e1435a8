package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.ArrayRef;
import io.github.wasmtimejvm.ArrayType;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.FieldType;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.NumType;
import io.github.wasmtimejvm.PackedType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.StorageType;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StructRef;
import io.github.wasmtimejvm.StructType;
import io.github.wasmtimejvm.Table;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.ValType;
import java.lang.reflect.Executable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes arguments go together where Java's types do not say how, so that calls get far. */
final class Fitting {
  private final Sequence sequence;
  private final Random random;

  Fitting(Sequence sequence, Random random) {
    this.sequence = sequence;
    this.random = random;
  }

  /** Changes the arguments of a call of that method; leaves them where nothing fits. */
  void fit(Executable executable, @Nullable Object receiver, @Nullable Object[] arguments) {
    String name = executable.getDeclaringClass().getSimpleName() + "." + executable.getName();
    ComponentFitting components = new ComponentFitting(sequence, random);
    try {
      components.fit(executable, name, receiver, arguments);
      if (executable.getName().equals("valueOf")) {
        Object[] constants = executable.getDeclaringClass().getEnumConstants();
        arguments[0] = ((Enum<?>) constants[random.nextInt(constants.length)]).name();
      } else if (receiver != null) {
        fitMethod(name, receiver, arguments);
      } else {
        fitFactory(name, arguments);
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError nothingFits) {
      // null, closed, of another kind: as good as any other arguments
    }
  }

  private void fitFactory(String name, @Nullable Object[] arguments) {
    switch (name) {
      case "Global.create" -> arguments[2] = value(((GlobalType) arguments[1]).content());
      case "Table.create" -> arguments[2] = value(((TableType) arguments[1]).element());
      case "ArrayRef.create" -> {
        arguments[2] = value(((ArrayType) arguments[1]).element().storage());
        arguments[3] = random.nextInt(50);
      }
      case "StructRef.create" -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldType field : ((StructType) arguments[1]).fields()) {
          values.add(value(field.storage()));
        }
        arguments[2] = values.toArray();
      }
      case "ExnRef.create", "GuestException.GuestException" -> {
        if (arguments[0] instanceof Tag tag) {
          arguments[1] = values(tag.type().payload().params());
        }
      }
      case "Instance.create" -> arguments[2] = imports((Store) arguments[0], (Module) arguments[1]);
      case "Module.deserialize" -> {
        Module module = sequence.pool.any(Module.class, random);
        if (module != null) {
          arguments[1] = module.serialize();
        }
      }
      default -> {}
    }
  }

  private void fitMethod(String name, Object receiver, @Nullable Object[] arguments) {
    switch (name) {
      case "Global.set" -> arguments[0] = value(((Global) receiver).type().content());
      case "Table.set", "Table.grow" -> {
        arguments[0] = random.nextLong(4);
        arguments[1] = value(((Table) receiver).type().element());
      }
      case "Table.fill" -> {
        arguments[0] = random.nextLong(4);
        arguments[1] = random.nextLong(4);
        arguments[2] = value(((Table) receiver).type().element());
      }
      case "ArrayRef.set" -> {
        arguments[0] = random.nextInt(50);
        arguments[1] = value(((ArrayRef) receiver).type().element().storage());
      }
      case "StructRef.set" -> {
        List<FieldType> fields = ((StructRef) receiver).type().fields();
        int index = random.nextInt(fields.size());
        arguments[0] = index;
        arguments[1] = value(fields.get(index).storage());
      }
      case "Instance.func",
          "Instance.memory",
          "Instance.sharedMemory",
          "Instance.table",
          "Instance.global",
          "Instance.tag",
          "Instance.export" -> {
        List<String> names = List.copyOf(((Instance) receiver).exports().keySet());
        arguments[0] = names.get(random.nextInt(names.size()));
      }
      case "Func.as" -> arguments[arguments.length - 1] = shape((Func) receiver);
      case "Instance.as" -> arguments[arguments.length - 1] = Shapes.Guest.class;
      default -> {}
    }
  }

  /** Values of those types. */
  @Nullable Object[] values(List<ValType> types) {
    @Nullable Object[] values = new @Nullable Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(types.get(i));
    }
    return values;
  }

  private @Nullable Object value(StorageType type) {
    return switch (type) {
      case PackedType _ -> random.nextInt();
      case NumType.I32 -> Arguments.number(random);
      case NumType.I64 -> (long) Arguments.number(random);
      case NumType.F32 -> random.nextFloat();
      case NumType.F64 -> random.nextDouble();
      case NumType.V128 -> new V128(random.nextLong(), 0);
      case RefType reference -> reference(reference);
    };
  }

  private @Nullable Object reference(RefType type) {
    if (type.nullable() && random.nextInt(3) == 0) {
      return null;
    }
    if (type.equals(ValType.FUNCREF)) {
      return sequence.pool.any(Func.class, random);
    }
    return sequence.pool.any(Object.class, random);
  }

  private @Nullable Object imports(Store store, Module module) {
    Linker linker = sequence.pool.any(Linker.class, random);
    List<Extern> items = new ArrayList<>();
    if (linker != null) {
      for (ImportType type : module.imports()) {
        items.add(linker.get(store, type.module(), type.name()).orElseThrow());
      }
    }
    return items.toArray(Extern[]::new);
  }

  private Class<?> shape(Func func) {
    return switch (func.type().toString()) {
      case "(func)" -> random.nextBoolean() ? Runnable.class : Shapes.Nothing.class;
      case "(func (param i32) (result i32))" ->
          random.nextBoolean() ? Shapes.IntToInt.class : java.util.function.IntUnaryOperator.class;
      case "(func (param i32 i32) (result i32))" -> Shapes.TwoInts.class;
      case "(func (param externref) (result externref))" -> Shapes.Reference.class;
      default -> Shapes.Mixed.class;
    };
  }
}
