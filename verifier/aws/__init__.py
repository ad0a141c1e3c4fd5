"""The AWS face: Lambda events in, graded samples out (docs/lambda.md).

events           an event of any known shape becomes samples
handler          the function that Lambda calls
responses        grades become the reply that trainers read
records          one JSON log record for each sample
metrics          what an event comes to in metrics
embedded         metrics become lines that CloudWatch reads
counts           counts of a grade's tests, for all three
emulator         the handler under Amazon's own runtime client and emulator, on this machine
emulator_binary  where that emulator is, and how to get it

Nothing is imported here: the handler's start must stay cheap.
"""
