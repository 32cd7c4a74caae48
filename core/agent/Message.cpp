// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Message.h"

#include "core/agent/JsonCodec.h"

namespace fb::agent {

namespace {

struct Encode {
    Json operator()(const HelloMessage& hello) const
    {
        return {{"hello", {{"protocol", hello.protocol}, {"program", hello.program}}}};
    }
    Json operator()(const CommandMessage& message) const
    {
        return {{"request", message.request}, {"command", toJson(message.command)}};
    }
    Json operator()(const EventMessage& message) const
    {
        return {{"request", message.request}, {"event", toJson(message.body)}};
    }
    Json operator()(const GoodbyeMessage& message) const { return {{"goodbye", toJson(message.error)}}; }
};

Result<Message, Error> decodeHello(const Json& json)
{
    JsonReader reader(json);
    HelloMessage hello;
    reader.integer("protocol", hello.protocol);
    reader.text("program", hello.program);
    if (!reader.ok())
        return failure(reader.error());
    return Message(std::move(hello));
}

} // namespace

std::string encodeMessage(const Message& message)
{
    return dumpJson(std::visit(Encode{}, message));
}

Result<Message, Error> decodeMessage(std::string_view text)
{
    const auto json = parseJson(text);
    if (!json)
        return failure(json.error());
    JsonReader reader(*json);
    if (!reader.ok())
        return failure(reader.error());
    if (const auto hello = json->find("hello"); hello != json->end())
        return decodeHello(*hello);
    if (const auto goodbye = json->find("goodbye"); goodbye != json->end()) {
        const auto error = errorFromJson(*goodbye);
        if (!error)
            return failure(error.error());
        return Message(GoodbyeMessage{error.value()});
    }
    RequestId request = 0;
    reader.integer("request", request);
    if (!reader.ok())
        return failure(reader.error());
    if (const auto command = json->find("command"); command != json->end()) {
        auto decoded = commandFromJson(*command);
        if (!decoded)
            return failure(decoded.error());
        return Message(CommandMessage{request, std::move(*decoded)});
    }
    const auto event = json->find("event");
    if (event == json->end())
        return failure(Error{ErrorCode::InvalidArgument, "the message is of no known kind"});
    auto decoded = eventFromJson(*event);
    if (!decoded)
        return failure(decoded.error());
    return Message(EventMessage{request, std::move(decoded).value()});
}

} // namespace fb::agent
