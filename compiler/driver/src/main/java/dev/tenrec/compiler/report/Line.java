package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;

/**
 * A line of a listing as the page has it. All texts are numbers into one list of strings; equal
 * lines of several listings are stored once.
 *
 * @param key the number by which it is followed from listing to listing
 * @param label its name, where its results do not name it; or -1
 * @param operation the operation's name
 * @param attributes the rest of its text
 * @param operands numbers of the values that it reads
 * @param results numbers of the values that it makes
 * @param type the types of the results
 * @param place the number of the place where it comes from
 * @param depth how many operations it is inside of
 */
record Line(
    int key,
    int label,
    int operation,
    int attributes,
    ImmutableList<Integer> operands,
    ImmutableList<Integer> results,
    int type,
    int place,
    int depth) {}
