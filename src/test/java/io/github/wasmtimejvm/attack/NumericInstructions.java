package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.I64;
import static io.github.wasmtimejvm.attack.Opcodes.V128;

import java.util.Arrays;
import java.util.List;

/** Writes numeric and vector instructions. */
final class NumericInstructions extends InstructionWriter {
  NumericInstructions(BodyGenerator body) {
    super(body);
  }

  boolean operator(int type) {
    List<Opcodes.Operator> operators = Opcodes.operators(type);
    if (type == V128 && oneIn(10)) {
      operators = module.options.latest() ? Opcodes.RELAXED_OPERATORS : operators;
    } else if (type == I64 && oneIn(10)) {
      operators = module.options.latest() ? Opcodes.WIDE_OPERATORS : operators;
    }
    for (int tries = 0; tries < 10; tries++) {
      Opcodes.Operator operator = any(operators);
      if (Arrays.stream(operator.operands()).allMatch(module.options::allows)) {
        values(operator.operands());
        out.put(operator.code());
        if (operator.lanes() > 0) {
          out.put(random.nextInt(operator.lanes()));
        }
        return true;
      }
    }
    return false;
  }
}
