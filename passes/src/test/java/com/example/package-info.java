/** The pass that passes/README.md writes step by step, as somebody outside of Tenrec would. */
@NullMarked
package com.example;

import org.jspecify.annotations.NullMarked;
