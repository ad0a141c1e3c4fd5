#!/bin/sh
# What a container of the image runs, by its first argument:
#
#   module.function    a Lambda handler: in Amazon's runtime client on AWS Lambda, elsewhere under the Runtime Interface
#                      Emulator, which gets the other arguments as options
#   python             that interpreter, with the other arguments
#   anything else      the command line `verifier`
set -eu

bin=/opt/verifier/bin
emulator=${VERIFIER_RIE:-$bin/aws-lambda-rie}

case ${1:-} in
    python)
        shift
        exec "$bin/python" "$@"
        ;;
    *[/-]*) exec "$bin/verifier" "$@" ;;
    *?.?*) ;;
    *) exec "$bin/verifier" "$@" ;;
esac

handler=$1
shift
if [ -n "${AWS_LAMBDA_RUNTIME_API:-}" ]; then
    exec "$bin/python" -m awslambdaric "$handler"
fi
if [ ! -f "$emulator" ] || [ ! -x "$emulator" ]; then
    echo "error: $handler needs AWS Lambda or its emulator, and $emulator is not a program; build the image again, or unset VERIFIER_RIE" >&2
    exit 2
fi
exec "$emulator" --log-level error --runtime-interface-emulator-address 0.0.0.0:8080 "$@" \
    "$bin/python" -m awslambdaric "$handler"
