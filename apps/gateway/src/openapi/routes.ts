import { RequestMethod } from '@nestjs/common';
import { type OperationFacts, operationKey } from '../http/operation.js';

/** One route of the API, as its controller declares it. */
export interface Route extends OperationFacts {
  method: string;
  /** With parameters in braces. */
  path: string;
  /** The controller's name for it. */
  name: string;
}

/** Injects the routes of the API. */
export const ROUTES = Symbol('ROUTES');

type Constructor = abstract new (...args: never[]) => object;

const pathOf = (target: object): string => {
  const path: unknown = Reflect.getMetadata('path', target);
  return typeof path === 'string' ? path.replace(/^\/|\/$/g, '') : '';
};

const handlersOf = ({ prototype }: Constructor): [string, object][] =>
  Object.getOwnPropertyNames(prototype).flatMap((name): [string, object][] => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return typeof handler === 'function' && Reflect.hasMetadata('method', handler) ? [[name, handler]] : [];
  });

const routeOf = (controller: Constructor, [name, handler]: [string, object]): Route => {
  const facts = Reflect.getMetadata(operationKey, handler) as OperationFacts | undefined;
  if (facts === undefined) throw new Error(`${controller.name}.${name} has no @Operation.`);
  const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
  const path = [pathOf(controller), pathOf(handler)].filter(Boolean).join('/');
  return { ...facts, method: method.toLowerCase(), path: `/${path.replaceAll(/:(\w+)/g, '{$1}')}`, name };
};

/** The routes that these controllers declare, in their order. */
export const routesOf = (controllers: readonly Constructor[]): Route[] =>
  controllers.flatMap((controller) => handlersOf(controller).map((entry) => routeOf(controller, entry)));
